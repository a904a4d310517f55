import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'

interface TypedConfirmProps {
  /** To be typed, so that a slip deletes nothing. */
  name: string
  action: string
  onConfirm: () => Promise<unknown>
}

export function TypedConfirm({ name, action, onConfirm }: TypedConfirmProps) {
  const [typed, setTyped] = useState('')
  const confirm = useMutation({ mutationFn: onConfirm, onSuccess: () => setTyped('') })
  return (
    <form
      className="space-y-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed === name) confirm.mutate()
      }}
    >
      {confirm.error && <Notice tone="danger">{confirm.error.message}</Notice>}
      <div className="flex flex-wrap items-end gap-3">
        <Field
          label={`To confirm, type ${name}`}
          autoComplete="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          className="min-w-[min(100%,16rem)] flex-1"
        />
        <Button
          type="submit"
          look="danger"
          disabled={typed !== name}
          isBusy={confirm.isPending}
          className="h-11"
        >
          {action}
        </Button>
      </div>
    </form>
  )
}
