package xyz.openledger.nodes.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which system calls a sandboxed program may not make: a program for the kernel's own little
 * machine (classic BPF, seccomp(2)), in the form that {@code bwrap --seccomp} reads.
 *
 * <p>A Java machine that computes needs files, memory, threads and time. Refused with {@code EPERM}
 * is what it does not need and what walls have been breached with: sockets, new processes,
 * namespaces, mounts, tracing, BPF, io_uring, keys, modules, performance counters.
 */
final class SeccompFilter {
  private static final int AUDIT_ARCH_X86_64 = 0xC000003E;
  private static final int X32_BIT = 0x40000000;
  private static final int CLONE = 56;
  private static final int CLONE3 = 435;
  private static final int CLONE_THREAD = 0x00010000;

  private static final int ALLOW = 0x7fff0000;
  private static final int KILL_PROCESS = 0x80000000;
  private static final int EPERM = 0x00050000 | 1;

  /** The C library takes it as "an old kernel" and calls clone, whose flags can be looked at. */
  private static final int ENOSYS = 0x00050000 | 38;

  private static final int LOAD = 0x20;
  private static final int JUMP_EQUAL = 0x15;
  private static final int JUMP_GREATER_OR_EQUAL = 0x35;
  private static final int JUMP_ANY_BIT = 0x45;
  private static final int RETURN = 0x06;

  private static final int NUMBER_OFFSET = 0;
  private static final int ARCHITECTURE_OFFSET = 4;
  private static final int FIRST_ARGUMENT_OFFSET = 16;

  /** By their numbers on x86-64. */
  private static final int[] REFUSED = {
    41, 42, 49, 50, 53, // socket connect bind listen socketpair
    57, 58, 322, // fork vfork execveat
    101, 310, 311, 438, // ptrace process_vm_readv process_vm_writev pidfd_getfd
    155, 161, 165, 166, 272, 308, // pivot_root chroot mount umount2 unshare setns
    428, 429, 430, 431, 432, 433,
    442, // open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
    303, 304, // name_to_handle_at open_by_handle_at
    175, 176, 246, 313, 320, // init_module delete_module kexec_load finit_module kexec_file_load
    248, 249, 250, // add_key request_key keyctl
    298, 321, 323, // perf_event_open bpf userfaultfd
    425, 426, 427, // io_uring_setup io_uring_enter io_uring_register
    29, 30, 31, 240, // shmget shmat shmctl mq_open
    103, 135, 154, 163, 167, 168, 169, // syslog personality modify_ldt acct swapon swapoff reboot
    172, 173, 179, 159, 164, 227,
    305, // iopl ioperm quotactl adjtimex settimeofday clock_settime clock_adjtime
    424, 434, 440, 448, // pidfd_send_signal pidfd_open process_madvise process_mrelease
    256, 279, 312, // migrate_pages move_pages kcmp
    133, 259, 153, 170, 171, // mknod mknodat vhangup sethostname setdomainname
    134, 136, 212, 300, 301, // uselib ustat lookup_dcookie fanotify_init fanotify_mark
  };

  private final ByteBuffer program =
      ByteBuffer.allocate(8 * (REFUSED.length * 2 + 32)).order(ByteOrder.LITTLE_ENDIAN);

  private SeccompFilter() {}

  /** What is not held on a processor whose calls have numbers that we do not know. */
  static Optional<String> gap(String architecture) {
    return architecture.equals("amd64")
        ? Optional.empty()
        : Optional.of(
            "system calls are not filtered on %s: there is a filter for amd64 alone"
                .formatted(architecture));
  }

  /**
   * Writes the filter for this machine into {@code folder}, if it is not there already; empty for a
   * processor whose numbers we do not know.
   */
  static Optional<Path> in(Path folder) {
    if (gap(System.getProperty("os.arch")).isPresent()) {
      return Optional.empty();
    }
    Path file = folder.resolve("seccomp");
    try {
      return Optional.of(
          Files.exists(file) ? file : Files.write(file, new SeccompFilter().compile()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the seccomp filter", e);
    }
  }

  /** The program: 8 bytes for each instruction, {@code struct sock_filter}. */
  private byte[] compile() {
    add(LOAD, 0, 0, ARCHITECTURE_OFFSET);
    add(JUMP_EQUAL, 1, 0, AUDIT_ARCH_X86_64);
    add(RETURN, 0, 0, KILL_PROCESS);
    add(LOAD, 0, 0, NUMBER_OFFSET);
    add(JUMP_GREATER_OR_EQUAL, 0, 1, X32_BIT);
    add(RETURN, 0, 0, EPERM);
    for (int number : REFUSED) {
      add(JUMP_EQUAL, 0, 1, number);
      add(RETURN, 0, 0, EPERM);
    }
    add(JUMP_EQUAL, 0, 1, CLONE3);
    add(RETURN, 0, 0, ENOSYS);
    add(JUMP_EQUAL, 0, 3, CLONE);
    add(LOAD, 0, 0, FIRST_ARGUMENT_OFFSET);
    add(JUMP_ANY_BIT, 1, 0, CLONE_THREAD);
    add(RETURN, 0, 0, EPERM);
    add(RETURN, 0, 0, ALLOW);
    byte[] bytes = new byte[program.position()];
    program.flip().get(bytes);
    return bytes;
  }

  /** {@code ifTrue} and {@code ifFalse} count the instructions to skip. */
  private void add(int code, int ifTrue, int ifFalse, int operand) {
    program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(operand);
  }
}
