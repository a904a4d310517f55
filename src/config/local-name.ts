/** Whether a host name always means the client's own machine: `localhost` and all names below it (RFC 6761, 6.3). */
export const isLocalName = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost')
