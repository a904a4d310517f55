/**
 * Packed indexes: keys and hosts in typed arrays and pages of bytes in place of objects. They cost about 650 lines of hash
 * tables, and `bench/key-store.ts` is what pays for them: with 100,000 keys a plain `Map` takes 1,185 bytes and 5,400 ns a
 * key, the packed store 305 bytes and 1,400 ns; with 10,000 keys there is no difference. Nothing outside this folder
 * imports past this file, so that plain maps can replace the folder if the benchmark stops paying.
 */
export { HostIndex } from './host-index.ts'
export { InstanceNumbers } from './instance-numbers.ts'
export { KeyStore } from './key-store.ts'
export { RefIndex } from './ref-index.ts'
