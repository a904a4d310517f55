import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { CardScreen } from '../ui/screen.tsx'
import { ApproveQuestion } from './approve-question.tsx'

/**
 * Lets a command line act for the person who is signed in. The code is typed and never comes by a link, so that a link
 * from a stranger does nothing by itself (RFC 8628, 5.4).
 */
export function ApprovePage() {
  const [typed, setTyped] = useState('')
  const find = useMutation({
    mutationFn: () => api('GET /cli-logins', { query: { user_code: typed.trim() } }),
  })
  if (find.data) return <ApproveQuestion login={find.data} />
  return (
    <CardScreen title="Connect a terminal" intro="Type the code that your terminal shows.">
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          find.mutate()
        }}
      >
        <Field
          label="Code"
          placeholder="ABCD-EFGH"
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          required
          autoFocus
          maxLength={20}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        {find.error && <Notice tone="danger">{find.error.message}</Notice>}
        <Button look="primary" type="submit" isBusy={find.isPending} className="h-11 w-full">
          Continue
        </Button>
        <p className="text-[13px] leading-5 text-muted">
          Did somebody send you a code, or a link to this page? Then do not type it: the terminal that it
          connects is theirs.
        </p>
      </form>
    </CardScreen>
  )
}
