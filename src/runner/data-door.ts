/** How sandboxes reach the process that serves Base and Drive, under the names of Deta Space. */
export interface DataDoor {
  /** A TLS listener on a unix socket that the relays of sandboxes may connect to, and where possible no other program. */
  readonly socketPath: string
  readonly micros: TrustFiles
  readonly builds: TrustFiles
}

/** Files in PEM that every sandbox's user may read. */
export interface TrustFiles {
  /** The authority of the listener's certificate, for programs that add files to the authorities that they know. */
  readonly extra: string
  /** The same together with the authorities of this machine, for programs that read one file. */
  readonly bundle: string
}
