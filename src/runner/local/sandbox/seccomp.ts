/**
 * A seccomp filter as the raw BPF program that `bwrap --seccomp` loads. It denies system calls that no web app needs
 * and that kernel exploits start with. It is the second line of defence, after namespaces and dropped capabilities.
 * Numbers: arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
 */

interface Architecture {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number
  readonly clone: number
  readonly socket: number
  /** x32 calls of x86-64 have separate numbers from here on, which a list of x86-64 numbers would not match. */
  readonly x32Bit: number | null
  readonly denied: readonly number[]
}

/** The same number on every architecture since Linux 5.1. */
const DENIED_EVERYWHERE = [
  // io_uring runs file and socket calls that this filter cannot see.
  425, 426, 427,
  // open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, mount_setattr: mounting.
  428, 429, 430, 431, 432, 433, 442,
]
const CLONE3 = 435

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, Architecture>> = {
  x64: {
    audit: 0xc000003e,
    clone: 56,
    socket: 41,
    x32Bit: 0x40000000,
    denied: [
      // unshare, setns: a new user namespace gives capabilities, and with them access to most of the kernel.
      272, 308,
      // mount, umount2, pivot_root.
      165, 166, 155,
      // add_key, request_key, keyctl: keyrings are not confined to namespaces.
      248, 249, 250,
      // bpf, perf_event_open, userfaultfd: used by nearly every kernel exploit.
      321, 298, 323,
      // kexec_load, kexec_file_load, init_module, finit_module, delete_module, reboot, swapon, swapoff.
      246, 320, 175, 313, 176, 169, 167, 168,
      // acct, quotactl, syslog, open_by_handle_at: for the administration of the machine.
      163, 179, 103, 304,
    ],
  },
  arm64: {
    audit: 0xc00000b7,
    clone: 220,
    socket: 198,
    x32Bit: null,
    denied: [
      97, 268, 40, 39, 41, 217, 218, 219, 280, 241, 282, 104, 294, 105, 273, 106, 142, 224, 225, 89, 60, 116,
      265,
    ],
  },
}

const ERRNO = 0x00050000
const ALLOW = 0x7fff0000
const EPERM = 1
const ENOSYS = 38
const EAFNOSUPPORT = 97

/** Every CLONE_NEW* flag of clone(2). */
const NAMESPACE_FLAGS = 0x7e020000

/** unix, inet, inet6, netlink (for getifaddrs). Not vsock, which reaches the hypervisor from any network namespace. */
const SOCKET_FAMILIES = [1, 2, 10, 16]

/** Offsets into struct seccomp_data; arguments are 64 bits, little-endian. */
const NR = 0
const ARCH = 4
const ARG0 = 16

/** The program for an architecture, or null if the table does not have it. Pure. */
export function seccompProgram(architecture: NodeJS.Architecture): Uint8Array | null {
  const table = ARCHITECTURES[architecture]
  if (!table) return null
  return assemble([
    // Another instruction set (32-bit calls on a 64-bit kernel) has other numbers: deny all of its calls.
    load(ARCH),
    ...unlessEqual(table.audit, EPERM),
    load(NR),
    ...(table.x32Bit === null ? [] : [jump(JGE, table.x32Bit, 0, 1), fail(ENOSYS)]),
    ...[...table.denied, ...DENIED_EVERYWHERE].flatMap((call) => [jump(JEQ, call, 0, 1), fail(EPERM)]),
    // clone3 takes its flags by pointer, which BPF cannot read; libraries fall back to clone on ENOSYS.
    jump(JEQ, CLONE3, 0, 1),
    fail(ENOSYS),
    jump(JEQ, table.clone, 0, 4),
    load(ARG0),
    jump(JSET, NAMESPACE_FLAGS, 0, 1),
    fail(EPERM),
    pass,
    jump(JEQ, table.socket, 0, SOCKET_FAMILIES.length + 2),
    load(ARG0),
    ...SOCKET_FAMILIES.map((family, at) => jump(JEQ, family, SOCKET_FAMILIES.length - at, 0)),
    fail(EAFNOSUPPORT),
    pass,
  ])
}

/** struct sock_filter: code, jump if true, jump if false, operand. */
type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number]

const JEQ = 0x15
const JGE = 0x35
const JSET = 0x45
const load = (offset: number): Instruction => [0x20, 0, 0, offset]
const jump = (code: number, operand: number, ifTrue: number, ifFalse: number): Instruction => [
  code,
  ifTrue,
  ifFalse,
  operand,
]
const fail = (errno: number): Instruction => [0x06, 0, 0, ERRNO | errno]
const pass: Instruction = [0x06, 0, 0, ALLOW]
const unlessEqual = (value: number, errno: number): Instruction[] => [jump(JEQ, value, 1, 0), fail(errno)]

function assemble(instructions: readonly Instruction[]): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(instructions.length * 8))
  instructions.forEach(([code, ifTrue, ifFalse, operand], at) => {
    bytes.setUint16(at * 8, code, true)
    bytes.setUint8(at * 8 + 2, ifTrue)
    bytes.setUint8(at * 8 + 3, ifFalse)
    bytes.setUint32(at * 8 + 4, operand, true)
  })
  return new Uint8Array(bytes.buffer)
}
