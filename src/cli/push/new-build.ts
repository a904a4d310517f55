import type { Exposure } from '../../contract/index.ts'
import type { ProjectFile } from '../pack/walk.ts'
import type { ValidProject } from '../project/project.ts'

/** A push, before the server has heard of it. */
export interface NewBuild {
  readonly project: ValidProject
  readonly files: readonly ProjectFile[]
  readonly appId: string
  /** Empty: the server chooses one. */
  readonly tag: string
  /** Build every micro, also those that have not changed. */
  readonly rebuild: boolean
  /** Called with what the push makes public, before the code is sent; throws to stop it there. */
  onExposure(exposure: Exposure): Promise<void>
}
