import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { NameForm } from '../name-form.tsx'

interface NamePickerProps {
  noun: 'Base' | 'Drive'
  names: readonly string[]
  chosen: string | null
  isEditable: boolean
  onChoose: (name: string) => void
}

/** Chooses a Base or Drive. A new one exists as soon as something is stored in it. */
export function NamePicker({ noun, names, chosen, isEditable, onChoose }: NamePickerProps) {
  const [isNaming, setNaming] = useState(false)
  const all = chosen === null || names.includes(chosen) ? names : [...names, chosen]
  return (
    <>
      <div className="flex min-w-0 items-center gap-2">
        {chosen !== null && (
          <Select
            aria-label={noun}
            value={chosen}
            onChange={(event) => onChoose(event.target.value)}
            className="h-10 max-w-64 min-w-36 rounded-xl font-medium"
          >
            {all.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Select>
        )}
        {isEditable && (
          <Button look={chosen === null ? 'plain' : 'quiet'} onClick={() => setNaming(true)}>
            <Plus className="size-4" aria-hidden />
            New {noun}
          </Button>
        )}
      </div>
      {isNaming && (
        <div className="order-last w-full">
          <NameForm
            label={`Name of the ${noun}`}
            action={`Open ${noun}`}
            hint={`A ${noun} exists as soon as ${noun === 'Base' ? 'an item' : 'a file'} is stored in it.`}
            onSubmit={(name) => {
              setNaming(false)
              onChoose(name)
            }}
            onCancel={() => setNaming(false)}
          />
        </div>
      )}
    </>
  )
}
