import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { CardScreen } from '../ui/screen.tsx'
import { ApproveQuestion } from './approve-question.tsx'

/**
 * Lets a command line act for the person who is signed in. The person types the code; it never comes with a link, so
 * that a link from an attacker grants nothing (RFC 8628, 5.4).
 */
export function ApprovePage() {
  const [typed, setTyped] = useState('')
  const find = useMutation({
    mutationFn: () => api('GET /cli-logins', { query: { user_code: typed.trim() } }),
  })
  if (find.data) return <ApproveQuestion login={find.data} />
  return (
    <CardScreen title="Connect a terminal" intro="Enter the code that your terminal shows.">
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
          If another person sent you a code or a link to this page, do not enter the code: it would connect
          their terminal to your account.
        </p>
      </form>
    </CardScreen>
  )
}
