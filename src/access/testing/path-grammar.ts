import type { Random } from './random.ts'

/** Everything that is known to make two servers read one path differently, and ordinary text. For tests. */
export const PATH_PARTS: readonly string[] = [
  'a b admin ADMIN Admin public docs page secret x 0 - _ ~ index.html .html /__data.json /_next/data/b/ .json',
  '/ / / / // /./ /../ \\ /..\\ .. . ... /.hidden /__space __space %5f_space',
  '%2e %2E %2e%2e %2f %2F %5c %5C %252e %252f %2561 %25',
  '%61 %41 %7e %2d %5f %00 %0a %0d %09 %1f %7f %20 %20%20',
  '; ;x=1 %3b ? %3f %23 & = + %2b : @ ! * %2a ,',
  '%C3%A9 %c3%a9 %E2%80%A5 %EF%BC%8F %ef%bc%8e %EF%BD%81 %c0%ae %c0%af %ff %80',
  '% %2 %zz %u0061 [ ] | ^ { } " < ` \xe9 \xff \x80',
].flatMap((line) => line.split(' '))

/** A random target; most begin with a slash. */
export const randomTarget = (random: Random): string =>
  (random.int(20) === 0 ? '' : '/') + random.text(PATH_PARTS, random.int(9))
