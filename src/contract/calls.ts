import * as calls from './all.ts'
import type { CallSpec } from './define-call.ts'

export interface Subject {
  readonly title: string
  readonly calls: readonly CallSpec[]
}

/** Every call by subject, in the order of the documentation. A test compares the list with what the API answers. */
export const SUBJECTS: readonly Subject[] = [
  {
    title: 'Server',
    calls: [
      calls.getTime,
      calls.getStatus,
      calls.getSpace,
      calls.getStorage,
      calls.getServedName,
      calls.getOpenApi,
      calls.createBackup,
    ],
  },
  { title: 'Set-up', calls: [calls.setUp] },
  { title: 'Sign-in', calls: [calls.signIn, calls.signOut] },
  { title: 'Sessions', calls: [calls.listSessions, calls.endSession, calls.endOtherSessions] },
  {
    title: 'Log-ins of terminals',
    calls: [
      calls.startCliLogin,
      calls.pollCliLogin,
      calls.findCliLogin,
      calls.approveCliLogin,
      calls.denyCliLogin,
    ],
  },
  {
    title: 'Access tokens',
    calls: [calls.listAccessTokens, calls.createAccessToken, calls.deleteAccessToken],
  },
  {
    title: 'Apps',
    calls: [calls.listApps, calls.createApp, calls.getApp, calls.deleteApp, calls.listRevisions],
  },
  {
    title: 'Builds',
    calls: [
      calls.createBuild,
      calls.putManifest,
      calls.putIcon,
      calls.startBuild,
      calls.repeatBuild,
      calls.listBuilds,
      calls.getBuild,
      calls.readSbom,
      calls.auditBuild,
      calls.readBuildLog,
    ],
  },
  { title: 'Promotions', calls: [calls.listPromotions, calls.getPromotion, calls.readPromotionLog] },
  {
    title: 'Installations',
    calls: [calls.listInstallations, calls.getInstallation, calls.readInstallationLog],
  },
  {
    title: 'Instances',
    calls: [
      calls.listInstances,
      calls.getInstance,
      calls.updateInstance,
      calls.deleteInstance,
      calls.getIcon,
      calls.readInstanceLog,
    ],
  },
  {
    title: 'API keys',
    calls: [
      calls.listApiKeys,
      calls.createApiKey,
      calls.rotateApiKey,
      calls.deleteApiKey,
      calls.rotateInternalKey,
    ],
  },
  {
    title: 'Collections',
    calls: [
      calls.listCollections,
      calls.createCollection,
      calls.getCollection,
      calls.renameCollection,
      calls.deleteCollection,
      calls.listBases,
      calls.listDrives,
      calls.exportCollection,
      calls.importCollection,
      calls.moveCollection,
      calls.clearCollection,
    ],
  },
  {
    title: 'Items of a Base',
    calls: [
      calls.queryBase,
      calls.getItem,
      calls.putItems,
      calls.insertItem,
      calls.updateItem,
      calls.deleteItem,
    ],
  },
  {
    title: 'Files of a Drive',
    calls: [
      calls.listFiles,
      calls.readFile,
      calls.putFile,
      calls.deleteFiles,
      calls.startUpload,
      calls.putPart,
      calls.finishUpload,
      calls.abortUpload,
    ],
  },
  {
    title: 'Data keys',
    calls: [
      calls.listDataKeys,
      calls.createDataKey,
      calls.deleteDataKey,
      calls.rotateDataKey,
      calls.listProjectKeys,
      calls.createProjectKey,
      calls.deleteProjectKey,
    ],
  },
  {
    title: 'Custom domains',
    calls: [calls.listDomains, calls.addDomain, calls.checkDomain, calls.removeDomain],
  },
  {
    title: 'Access',
    calls: [
      calls.getSurface,
      calls.setOverrides,
      calls.getDataForStrangers,
      calls.setDataForStrangers,
      calls.explainRequest,
      calls.explainRefusal,
    ],
  },
  {
    title: 'Hand-off',
    calls: [calls.handOff, calls.returnTo, calls.handOffCallback, calls.signOutOfApp],
  },
]

export const CALLS: readonly CallSpec[] = SUBJECTS.flatMap(({ calls }) => calls)
