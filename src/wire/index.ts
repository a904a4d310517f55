/**
 * The wire: HTTP/1.1 on sockets (RFC 9110, RFC 9112): heads, framing, serialising. Strict in what it accepts and
 * exact in what it passes on. No policy: it knows nothing of apps, hosts or people.
 */
export {}
