import { type ServerConfig, readServerConfig } from '../../config/index.ts'
import {
  type Certificate,
  CertificateError,
  certificateWarnings,
  daysLeft,
  isCovered,
  isValidAt,
  readCertificate,
} from '../../tls/index.ts'
import { type Cli, printJson, sayDone, sayNotice } from '../context.ts'
import { defineCommand, flag, jsonInput, text } from '../command.ts'
import { showBounds } from '../doctor-bounds.ts'
import { checkDisk } from '../doctor-disk.ts'
import { checkPrograms, installPackages } from '../doctor-programs.ts'
import { CliError } from '../failure.ts'
import { count } from '../format.ts'
import { versionLine } from '../version.ts'

/**
 * Whether a server on this machine could sandbox apps, which engines work, whether it has room for pushes, and has certificates that browsers accept. Contacts no
 * server; fails when it could not. Settings are those of `space serve`.
 */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check whether this machine can run apps safely',
  input: {
    data: text('folder', 'data folder of the server'),
    domain: text('name', 'base domain of the server'),
    'tls-cert': text('files', 'certificate files, as for serve'),
    'tls-key': text('files', 'key files, as for serve'),
    install: flag('install missing programs with apt-get, as root'),
    yes: flag('do not ask before the installation', { short: 'y' }),
    json: jsonInput,
  },
  async run(cli, { json, install, yes, ...flags }) {
    const args = Object.entries(flags).flatMap(([name, value]) => (value ? [`--${name}=${value}`] : []))
    const config = readServerConfig(args, cli.env)
    const { faults, ...certificates } = checkCertificates(cli, config)
    const { fault, ...disk } = await checkDisk(cli, config)
    const { detectSandbox } = await import('../../runner/index.ts')
    const sandbox = await detectSandbox(config.sandbox)
    const { available, summary } = sandbox
    const programs = await checkPrograms(cli, sandbox)
    const bounds = showBounds(cli)
    if (install) await installPackages(cli, programs.missing_packages, yes)
    const refused = [
      ...(faults.length > 0 ? [`Browsers will reject this server: ${faults.join('; ')}.`] : []),
      ...(fault ? [fault] : []),
    ]
    if (!available) throw new CliError('no_sandbox', summary, { details: refused })
    sayDone(cli, summary)
    const [problem, ...others] = refused
    if (problem)
      throw new CliError(problem === fault ? 'no_space' : 'bad_certificate', problem, { details: others })
    if (json)
      printJson(cli, {
        version: versionLine(),
        sandbox: { available, summary },
        disk,
        bounds,
        ...programs,
        ...certificates,
      })
  },
})

/** Prints the certificates and their problems; throws when a certificate cannot be used. */
function checkCertificates(cli: Cli, { tls, domain }: ServerConfig) {
  if (tls === null) return { faults: [] }
  const nowMs = cli.now()
  const certificates = tls.files.map(readOrFail)
  const warnings = certificateWarnings(certificates, domain, nowMs)
  for (const certificate of certificates) {
    const say = daysLeft(certificate, nowMs) < 0 ? sayNotice : sayDone
    say(cli, describe(certificate, nowMs))
  }
  for (const warning of warnings) sayNotice(cli, warning)
  return {
    faults: faultsOf(certificates, domain, nowMs),
    certificates: certificates.map((certificate) => ({
      file: certificate.files.certFile,
      names: certificate.names,
      days_left: daysLeft(certificate, nowMs),
    })),
    certificate_warnings: warnings,
  }
}

/** What makes browsers reject the server; other warnings are for the operator to judge. */
function faultsOf(certificates: readonly Certificate[], domain: string, nowMs: number): string[] {
  const names = certificates.flatMap((certificate) => certificate.names)
  return [
    ...certificates
      .filter((certificate) => !isValidAt(certificate, nowMs))
      .map(({ files }) => `${files.certFile} is not valid today`),
    ...(isCovered(certificates, domain) ? [] : [`no certificate covers ${domain}`]),
    // Each app may have its own certificate instead of the wildcard.
    ...(names.some((name) => name.endsWith(`.${domain}`))
      ? []
      : [`no certificate covers apps below ${domain}`]),
  ]
}

function describe(certificate: Certificate, nowMs: number): string {
  const days = daysLeft(certificate, nowMs)
  const time = days < 0 ? 'expired' : `${count(days, 'day')} left`
  return `${certificate.files.certFile}: ${certificate.names.join(', ')}; ${time}`
}

function readOrFail(files: Certificate['files']): Certificate {
  try {
    return readCertificate(files)
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error
    const [message = '', ...hints] = error.message.split('\n')
    throw new CliError('bad_certificate', message, { hints, cause: error })
  }
}
