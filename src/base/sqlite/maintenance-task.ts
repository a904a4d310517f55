export interface Statement {
  readonly text: string
  readonly values?: readonly (string | number)[]
}

export interface Task {
  readonly id: number
  readonly file: string
  readonly statements: readonly Statement[]
}

export interface Reply {
  readonly id: number
  /** Of the last statement. */
  readonly rows?: unknown[]
  readonly error?: { readonly message: string; readonly code: string }
}
