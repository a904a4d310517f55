/**
 * Access: who may pass. Owns canonical paths, public rules and the decision. Pure: no I/O, no clock of its own,
 * no import from any other room, so that it can be read, tested and fuzzed by itself.
 */
export {}
