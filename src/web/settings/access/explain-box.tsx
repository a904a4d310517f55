import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Instance } from '../../../contract/index.ts'
import { api } from '../../api/client.ts'
import { ExplanationView } from '../../explanation/explanation-view.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PathInput } from '../../ui/path-input.tsx'
import { Select } from '../../ui/select.tsx'
import { Section } from '../section.tsx'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Asks the server for the decision on an anonymous request, with the path exactly as typed. */
export function ExplainBox({ instance }: { instance: Instance }) {
  const [method, setMethod] = useState('GET')
  const [asked, setAsked] = useState('')
  const explain = useMutation({
    mutationFn: () =>
      api('POST /access/explain', {
        body: { method, url: asked.startsWith('/') ? `${instance.url}${asked}` : asked },
      }),
  })
  /** An explanation disappears when its request changes. */
  const change = (set: (text: string) => void, text: string) => {
    set(text)
    explain.reset()
  }
  return (
    <Section title="Explain a request" intro="Check whether a request without sign-in is allowed, and why.">
      <form
        className="flex flex-wrap gap-2"
        onSubmit={(event) => {
          event.preventDefault()
          explain.mutate()
        }}
      >
        <Select
          aria-label="Method"
          value={method}
          onChange={(event) => change(setMethod, event.target.value)}
          className="h-11 rounded-xl"
        >
          {METHODS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
        <PathInput
          aria-label="Path of the request"
          placeholder="/path"
          pattern="(/|https?://).*"
          title="A path that begins with /, or a full address"
          required
          value={asked}
          onChange={(event) => change(setAsked, event.target.value)}
          className="min-w-40 flex-1"
        />
        <Button type="submit" isBusy={explain.isPending} className="h-11">
          Explain
        </Button>
      </form>
      <div aria-live="polite" className="mt-4 empty:hidden">
        {explain.error && <Notice tone="danger">{explain.error.message}</Notice>}
        {explain.data && <ExplanationView explanation={explain.data} />}
      </div>
    </Section>
  )
}
