import type { Instance } from '../../contract/index.ts'

interface AppIconProps {
  instance: Pick<Instance, 'id' | 'app_name' | 'icon_url'>
  size?: 'tile' | 'small'
  className?: string
}

const LETTER = { tile: 'text-4xl', small: 'text-sm' }

/** The app's icon under the mask of COMPAT 6.2, one large top-left corner; without an icon, a gradient of its own. */
export function AppIcon({ instance, size = 'tile', className = '' }: AppIconProps) {
  const mask = `aspect-square rounded-[10%] rounded-tl-[70%] ${className}`
  if (instance.icon_url) return <img src={instance.icon_url} alt="" className={`object-cover ${mask}`} />
  const hue = hueOf(instance.id)
  return (
    <div
      aria-hidden
      className={`grid place-items-center font-semibold text-white ${LETTER[size]} ${mask}`}
      style={{
        backgroundImage: `linear-gradient(135deg, oklch(0.74 0.12 ${hue}), oklch(0.55 0.125 ${hue + 48}))`,
      }}
    >
      <span className="translate-x-[6%] translate-y-[6%]">{[...instance.app_name][0]?.toUpperCase()}</span>
    </div>
  )
}

function hueOf(id: string): number {
  let hash = 7
  for (const char of id) hash = (hash * 31 + char.charCodeAt(0)) % 360
  return hash
}
