import { useState } from 'react'
import { Confirm } from '../../ui/confirm.tsx'
import { Switch } from '../../ui/switch.tsx'

interface EditModeProps {
  isOn: boolean
  onChange: (isOn: boolean) => void
}

/** The data of an app can be changed only after a second click. */
export function EditMode({ isOn, onChange }: EditModeProps) {
  const [isAsking, setAsking] = useState(false)
  return (
    <>
      <label className="flex items-center gap-2.5 text-sm">
        <span aria-hidden>Edit Mode</span>
        <Switch
          label="Edit Mode"
          isOn={isOn}
          onChange={(next) => {
            if (next) setAsking(true)
            else onChange(false)
          }}
        />
      </label>
      {isAsking && (
        <div className="w-full">
          <Confirm
            action="Turn on"
            look="primary"
            onConfirm={async () => onChange(true)}
            onCancel={() => setAsking(false)}
          >
            The app uses this data. What you save or delete takes effect at once, and the app may not expect
            it.
          </Confirm>
        </div>
      )}
    </>
  )
}
