import { findEnd, prepareNeedle, type Needle } from './kmp-search.ts'
import type { Pattern, WildPattern } from './pattern.ts'

/**
 * Patterns in a radix tree of their heads: a path is compared with a thousand rules in one walk. Below a head rules are
 * found by their tail; only those with several stars are searched for one by one, each in linear time.
 */
export interface RuleNode<T> {
  label: string
  exact: T | null
  /** Tail → rules that have it, with the lengths that occur, so that a tail is found by its hash. */
  readonly tails: Map<string, WildRule<T>[]>
  readonly tailLengths: number[]
  /** By first character of the label. */
  readonly children: Map<number, RuleNode<T>>
}

export interface WildRule<T> {
  readonly value: T
  readonly middle: readonly Needle[]
  /** The rule's exceptions, for the caller to judge. */
  readonly not: readonly string[]
}

export const createRuleIndex = <T>(label = ''): RuleNode<T> => ({
  label,
  exact: null,
  tails: new Map(),
  tailLengths: [],
  children: new Map(),
})

/** Of two equal patterns, the first one stays. */
export function addRule<T>(
  root: RuleNode<T>,
  pattern: Exclude<Pattern, { kind: 'invalid' }>,
  value: T,
): void {
  if (pattern.kind === 'wild') return addTail(nodeFor(root, pattern.head), pattern, value)
  const node = nodeFor(root, pattern.text)
  node.exact ??= value
}

function addTail<T>(node: RuleNode<T>, { middle, tail, not }: WildPattern, value: T): void {
  const rules = node.tails.get(tail) ?? []
  rules.push({ value, middle: middle.map(prepareNeedle), not })
  node.tails.set(tail, rules)
  if (!node.tailLengths.includes(tail.length)) node.tailLengths.push(tail.length)
}

/** The node whose labels spell `text`, created and split as needed. */
function nodeFor<T>(root: RuleNode<T>, text: string): RuleNode<T> {
  let node = root
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    const child = node.children.get(code)
    const shared = child === undefined ? 0 : sharedLength(child.label, text, at)
    const next =
      child === undefined
        ? createRuleIndex<T>(text.slice(at))
        : shared === child.label.length
          ? child
          : splitNode(child, shared)
    node.children.set(code, next)
    at += next.label.length
    node = next
  }
  return node
}

function splitNode<T>(node: RuleNode<T>, at: number): RuleNode<T> {
  const upper = createRuleIndex<T>(node.label.slice(0, at))
  upper.children.set(node.label.charCodeAt(at), node)
  node.label = node.label.slice(at)
  return upper
}

function sharedLength(label: string, text: string, at: number): number {
  let length = 0
  while (length < label.length && label[length] === text[at + length]) length++
  return length
}

/**
 * The value of the first rule, shortest head first, that matches `text` and has no exception that `excepts` confirms
 * (`excepts(not, rest)`, with what follows the head); null if there is none.
 */
export function findRule<T>(
  root: RuleNode<T>,
  text: string,
  excepts: (not: readonly string[], rest: string) => boolean,
): T | null {
  let node = root
  let at = 0
  for (;;) {
    for (const length of node.tailLengths) {
      const end = text.length - length
      if (end < at) continue
      for (const rule of node.tails.get(length === 0 ? '' : text.slice(end)) ?? []) {
        const isMatch = matchesMiddle(rule.middle, text, at, end)
        if (isMatch && !(rule.not.length > 0 && excepts(rule.not, text.slice(at)))) return rule.value
      }
    }
    if (at === text.length) return node.exact
    const child = node.children.get(text.charCodeAt(at))
    if (child === undefined || !text.startsWith(child.label, at)) return null
    at += child.label.length
    node = child
  }
}

/** Whether a text that begins with `start` may match a rule; fast, and true when in doubt. */
export function isNearRule<T>(root: RuleNode<T>, start: string): boolean {
  let node = root
  let at = 0
  while (at < start.length) {
    if (node.tailLengths.length > 0) return true
    const child = node.children.get(start.charCodeAt(at))
    if (child === undefined) return false
    const shared = sharedLength(child.label, start, at)
    at += shared
    if (shared < child.label.length) return at === start.length
    node = child
  }
  return true
}

/**
 * Each piece is searched behind the previous one, at its earliest position: if that fails, no later position can
 * succeed.
 */
function matchesMiddle(middle: readonly Needle[], text: string, from: number, to: number): boolean {
  let at = from
  for (const needle of middle) {
    at = findEnd(needle, text, at, to)
    if (at < 0) return false
  }
  return true
}
