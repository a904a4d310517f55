import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { api } from '../api/client.ts'
import { queryClient, statusQuery } from '../api/queries.ts'
import { Button } from '../ui/button.tsx'
import { Field, PasswordField } from '../ui/field.tsx'
import { Notice } from '../ui/notice.tsx'
import { CardScreen } from '../ui/screen.tsx'

const MIN_PASSWORD = 10

export function SetupPage() {
  const navigate = useNavigate()
  const [form, setForm] = useState({ code: '', username: '', email: '', password: '' })
  const setup = useMutation({
    mutationFn: () =>
      api('POST /setup', {
        body: { ...form, code: form.code.trim(), email: form.email.trim() || undefined },
      }),
    async onSuccess() {
      await queryClient.fetchQuery({ ...statusQuery, staleTime: 0 })
      await navigate({ to: '/' })
    },
  })
  const bind = (name: keyof typeof form) => ({
    value: form[name],
    onChange: (event: { target: { value: string } }) => setForm({ ...form, [name]: event.target.value }),
  })

  return (
    <CardScreen
      title="Set up your server"
      intro="This server has no owner yet. Enter the code from its terminal to become its owner."
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault()
          setup.mutate()
        }}
      >
        <Field
          label="Set-up code"
          placeholder="XXXX-XXXX"
          hint="Printed in the terminal where you started Ownspace."
          autoComplete="one-time-code"
          autoCapitalize="characters"
          spellCheck={false}
          required
          autoFocus
          {...bind('code')}
        />
        <Field
          label="Username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          minLength={3}
          maxLength={32}
          pattern="[A-Za-z0-9][A-Za-z0-9_\-]*"
          title="Letters, digits, - and _"
          {...bind('username')}
        />
        <Field label="E-mail" type="email" autoComplete="email" isOptional {...bind('email')} />
        <PasswordField
          label="Password"
          hint={`At least ${MIN_PASSWORD} characters. A short sentence is easy to remember.`}
          autoComplete="new-password"
          required
          minLength={MIN_PASSWORD}
          {...bind('password')}
        />
        {setup.error && <Notice tone="danger">{setup.error.message}</Notice>}
        <Button look="primary" type="submit" isBusy={setup.isPending} className="h-11 w-full">
          Create your space
        </Button>
      </form>
    </CardScreen>
  )
}
