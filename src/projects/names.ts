import { randomInt } from 'node:crypto'
import { randomLabel, randomText } from '../kernel/ids.ts'

/** One host label holds 63 characters; the slug leaves room for `-` and the suffix. */
const SLUG_MAX = 40
const SUFFIX_LENGTH = 6
const TAG_LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/** A name as the beginning of a host label: `My App!` is `my-app`. Never empty, never an `xn--` look-alike. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, SLUG_MAX)
    .replace(/^-+|-+$/g, '')
  return slug || 'app'
}

/** `<slug>-<6 random>`: the host label of a new instance, with 30 random bits (COMPAT 6.6). */
export const newInstanceAlias = (slug: string): string => `${slug}-${randomLabel(SUFFIX_LENGTH)}`

/** `<animal>-<4 letters>`: the tag of a revision that was given none (COMPAT 3.5). */
export function newRevisionTag(): string {
  const animal = ANIMALS[randomInt(ANIMALS.length)]!
  return `${animal}-${randomText(4, TAG_LETTERS)}`
}

/** `exp-<4 letters>`: the version of a release that was given none. */
export const newVersion = (): string => `exp-${randomText(4, TAG_LETTERS)}`

const ANIMALS = `
  badger bat bear beaver bee bison bream bunting carp chamois cicada coot crane cricket crow cuckoo
  deer dory dove duck eagle eel egret ermine falcon finch flounder fox frog gecko goat goose goshawk
  grouse gull hare hedgehog heron herring hornet ibex jackdaw jay kestrel kite lamprey lapwing lark
  lemur linnet lizard lobster lynx magpie marten mole moose moth mouse newt otter owl oyster perch
  pike plover puffin quail rabbit raven robin salmon seal shrew skylark snail sparrow squid starling
  stork swan swift teal tern thrush toad trout turtle urchin viper vole warbler weasel whale wolf wren
  yak zander
`
  .trim()
  .split(/\s+/)
