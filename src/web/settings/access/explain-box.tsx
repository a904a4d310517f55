import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Explanation } from '../../api/access-types.ts'
import { api } from '../../api/client.ts'
import type { Instance } from '../../api/types.ts'
import { ExplanationView } from '../../explanation/explanation-view.tsx'
import { Button } from '../../ui/button.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PathInput } from '../../ui/path-input.tsx'
import { Select } from '../../ui/select.tsx'
import { Section } from '../section.tsx'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Asks the server how it would judge a stranger's request, in the spelling that is typed. */
export function ExplainBox({ instance }: { instance: Instance }) {
  const [method, setMethod] = useState('GET')
  const [path, setPath] = useState('')
  const explain = useMutation({
    mutationFn: () => api<Explanation>('POST', '/access/explain', { method, url: `${instance.url}${path}` }),
  })
  return (
    <Section title="Explain a request" intro="Would somebody who is not signed in get through, and why?">
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
          onChange={(event) => setMethod(event.target.value)}
          className="h-11 rounded-xl"
        >
          {METHODS.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
        <PathInput
          aria-label="Path of the request"
          placeholder="/path"
          required
          value={path}
          onChange={(event) => setPath(event.target.value)}
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
