/** Whether a host name leads everybody to their own machine: `localhost` and all below it (RFC 6761, 6.3). */
export const isLocalName = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost')
