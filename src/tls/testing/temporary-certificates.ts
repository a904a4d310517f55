/** Certificates in a temporary folder, for a test. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CertificateFiles, readCertificate } from '../certificate.ts'
import { createBook, type CertificateBook } from '../certificate-book.ts'
import { makeCertificate } from './make-certificate.ts'

export interface TemporaryCertificates extends Disposable {
  readonly folder: string
  readonly files: readonly CertificateFiles[]
  readonly book: CertificateBook
}

/** One certificate per list of names. */
export function temporaryCertificates(...names: readonly string[][]): TemporaryCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'ownspace-tls-'))
  const files = names.map((own, index) => makeCertificate({ folder, file: `cert-${index}`, names: own }))
  return {
    folder,
    files,
    book: createBook(files.map(readCertificate)),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  }
}
