/** Everything the gateway may have to say in place of an app. App names are as their authors wrote them. */
export type Problem =
  /** No app at this host. Says nothing else, so that guessing host names teaches nothing. */
  | { readonly kind: 'no-such-app' }
  /** A static app without such a file. */
  | { readonly kind: 'no-such-page' }
  | { readonly kind: 'method-not-allowed'; readonly allow: readonly string[] }
  /** `detail`: one sentence for whoever wrote the client, without anything of ours. */
  | { readonly kind: 'bad-request'; readonly detail: string }
  | { readonly kind: 'too-large'; readonly what: 'body' | 'head' | 'address'; readonly limitBytes: number }
  | { readonly kind: 'too-many-headers'; readonly limit: number }
  /** More than we take, or the app; the answer removes those that pages of other apps can have set. */
  | { readonly kind: 'too-many-cookies' }
  /** The connection is one too many, of its network or of all. */
  | { readonly kind: 'too-many-connections' }
  /** It did not come to its end. */
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
      /** Page of Home that tells the owner of the app why; it tells nobody else. */
      readonly whyUrl: string
    }
  /** Signed in, as somebody who may not open this app. */
  | {
      readonly kind: 'wrong-user'
      readonly refusal: string
      readonly switchUrl: string
      readonly whyUrl: string
    }
  /** A good key, used more often than its owner allows. */
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
  /** The app took the request and did not answer in time. */
  | { readonly kind: 'upstream-timeout'; readonly appName: string; readonly afterSeconds: number }
  /** It is there and takes no connections. */
  | { readonly kind: 'upstream-unreachable'; readonly appName: string }
  /** The app closed the connection. */
  | { readonly kind: 'upstream-broke'; readonly appName: string }
  /**
   * It answered with what is no HTTP, or can be read in two ways. `fault`: what the wire says of it, for the owner of
   * the app; null for everybody else.
   */
  | { readonly kind: 'upstream-malformed'; readonly appName: string; readonly fault: string | null }
  /** The gateway has no directory yet, or the platform is away. */
  | { readonly kind: 'unavailable' }
  /** It came as plain http, where nothing but the way to https is told. */
  | { readonly kind: 'https-only' }
  /** A defect of ours; the cause is in the log under the request id. */
  | { readonly kind: 'internal' }

/** A visitor's page cannot show a log, because it is never given one. */
export type Audience =
  | { readonly kind: 'visitor' }
  /** The owner of a development instance (COMPAT 4.2). */
  | { readonly kind: 'owner'; readonly message: string; readonly logTail: string }
