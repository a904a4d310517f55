/** Every answer that the gateway gives in place of an app. App names are as their authors wrote them. */
export type Problem =
  /** No app at this host. Nothing else, so that guessing host names reveals nothing. */
  | { readonly kind: 'no-such-app' }
  /** A static app without such a file. */
  | { readonly kind: 'no-such-page' }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  /** `detail`: one sentence for the author of the client, without anything internal. */
  | { readonly kind: 'bad-request'; readonly detail: string }
  | { readonly kind: 'too-large'; readonly what: 'body' | 'head' | 'address'; readonly limitBytes: number }
  | { readonly kind: 'too-many-headers'; readonly limit: number }
  /** Above the limit of the gateway or of the app. The answer removes the cookies that pages of other apps may have set. */
  | { readonly kind: 'too-many-cookies' }
  /** The client's network, or the gateway, has reached its limit of connections. */
  | { readonly kind: 'too-many-connections' }
  /** The request did not arrive completely. */
  | { readonly kind: 'request-timeout' }
  /** CONNECT. */
  | { readonly kind: 'no-proxy' }
  /** Neither HTTP/1.1 nor HTTP/1.0. */
  | { readonly kind: 'unknown-version' }
  /** `signInUrl` is null where signing in would not help, such as after a wrong key. */
  | {
      readonly kind: 'unauthorized'
      readonly refusal: string
      readonly signInUrl: string | null
      /** Page of Home that explains the refusal to the owner of the app, and to no other person. */
      readonly whyUrl: string
    }
  /** Signed in as a person who may not open this app. */
  | {
      readonly kind: 'wrong-user'
      readonly refusal: string
      readonly switchUrl: string
      readonly whyUrl: string
    }
  /** A valid key that has reached its rate limit. */
  | { readonly kind: 'key-rate'; readonly retryAfterSeconds: number }
  | {
      readonly kind: 'sign-in-failed'
      readonly reason: 'expired' | 'other-browser' | 'unknown'
      readonly retryUrl: string
    }
  | { readonly kind: 'starting'; readonly appName: string; readonly retryAfterSeconds: number }
  | {
      readonly kind: 'app-failed'
      readonly appName: string
      readonly reason: 'crashed' | 'never-listened' | 'refused'
      readonly audience: Audience
    }
  /** The app received the request and did not respond in time. */
  | { readonly kind: 'upstream-timeout'; readonly appName: string; readonly afterSeconds: number }
  /** The app runs, but accepts no connections. */
  | { readonly kind: 'upstream-unreachable'; readonly appName: string }
  /** The app closed the connection. */
  | { readonly kind: 'upstream-broke'; readonly appName: string }
  /**
   * The app sent a response that is not valid HTTP, or is ambiguous. `reason`: what the parser found, for the owner of the
   * app; null for all others.
   */
  | { readonly kind: 'upstream-malformed'; readonly appName: string; readonly reason: string | null }
  /** The gateway has no directory yet, or the platform does not respond. */
  | { readonly kind: 'unavailable' }
  /** Plain http, where only redirects to https are answered. */
  | { readonly kind: 'https-only' }
  /** A defect of the gateway or the platform; the cause is in the log under the request id. */
  | { readonly kind: 'internal' }

/** A visitor's page cannot show a log, because it never gets one. */
export type Audience =
  | { readonly kind: 'visitor' }
  /** The owner of a development instance (COMPAT 4.2). */
  | { readonly kind: 'owner'; readonly message: string; readonly logTail: string }
