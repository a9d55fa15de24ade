package xyz.openledger.nodes.sandbox;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static xyz.openledger.nodes.sandbox.Hostile.NOTHING;
import static xyz.openledger.nodes.sandbox.Hostile.attack;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * Makes system calls that a worker has no business with, by their numbers on x86-64. Each has
 * arguments that the kernel turns down if it looks at them at all; a call that is forbidden is
 * turned down before, as EPERM or ENOSYS.
 */
final class KernelAttacks {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;
  private static final long BAD = -1;

  private record Call(String name, long number, long first, long second, long third) {}

  private static final List<Call> CALLS =
      List.of(
          new Call("ptrace", 101, BAD, BAD, 0),
          new Call("process_vm_readv", 310, BAD, 0, 0),
          new Call("mount", 165, 0, 0, 0),
          new Call("umount", 166, 0, 0, 0),
          new Call("fsopen", 430, 0, BAD, 0),
          new Call("pivot_root", 155, 0, 0, 0),
          new Call("chroot", 161, 0, 0, 0),
          new Call("unshare", 272, BAD, 0, 0),
          new Call("setns", 308, BAD, 0, 0),
          new Call("fork by clone", 56, 0x00020200, 0, 0), // CLONE_NEWNS with CLONE_FS: never both
          new Call("clone3", 435, 0, 0, 0),
          new Call("socket", 41, BAD, BAD, BAD),
          new Call("socketpair", 53, BAD, BAD, BAD),
          new Call("io_uring_setup", 425, 0, 0, 0),
          new Call("bpf", 321, BAD, 0, 0),
          new Call("perf_event_open", 298, 0, BAD, BAD),
          new Call("userfaultfd", 323, BAD, 0, 0),
          new Call("keyctl", 250, BAD, 0, 0),
          new Call("init_module", 175, 0, 0, 0),
          new Call("kexec_load", 246, 0, BAD, 0),
          new Call("reboot", 169, 0, 0, 0),
          new Call("syslog", 103, BAD, 0, 0),
          new Call("clock_settime", 227, BAD, 0, 0),
          new Call("open_by_handle_at", 304, BAD, 0, 0),
          new Call("pidfd_open", 434, BAD, BAD, 0),
          new Call("pidfd_send_signal", 424, BAD, 0, 0),
          new Call("process_madvise", 440, BAD, 0, 0),
          new Call("move_pages", 279, BAD, 0, 0),
          new Call("migrate_pages", 256, BAD, 0, 0),
          new Call("kcmp", 312, BAD, BAD, BAD),
          new Call("mknod", 133, 0, BAD, 0),
          new Call("mknodat", 259, BAD, 0, BAD),
          new Call("sethostname", 170, 0, BAD, 0),
          new Call("setdomainname", 171, 0, BAD, 0),
          new Call("fanotify_init", 300, BAD, 0, 0),
          new Call("shmget", 29, 0, 0, 0),
          new Call("mq_open", 240, 0, 0, 0),
          new Call("swapon", 167, 0, BAD, 0),
          new Call("personality", 135, BAD, 0, 0),
          new Call("the x32 form of getpid", 0x40000000L + 39, 0, 0, 0));

  private KernelAttacks() {}

  @SuppressWarnings("restricted")
  static void run() {
    if (!System.getProperty("os.arch").equals("amd64")) {
      return;
    }
    var linker = Linker.nativeLinker();
    MethodHandle syscall =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("syscall"),
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.captureCallState("errno"));
    CALLS.forEach(call -> attack("call " + call.name(), () -> make(syscall, call)));
  }

  private static String make(MethodHandle syscall, Call call) throws Throwable {
    try (var arena = Arena.ofConfined()) {
      MemoryLayout state = Linker.Option.captureStateLayout();
      var captured = arena.allocate(state);
      long answer =
          (long)
              syscall.invokeExact(
                  captured, call.number(), call.first(), call.second(), call.third());
      int errno =
          captured.get(JAVA_INT, state.byteOffset(MemoryLayout.PathElement.groupElement("errno")));
      boolean forbidden = answer < 0 && (errno == EPERM || errno == ENOSYS);
      return forbidden ? NOTHING : "answer %d, errno %d".formatted(answer, errno);
    }
  }
}
