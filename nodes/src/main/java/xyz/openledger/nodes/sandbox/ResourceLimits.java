package xyz.openledger.nodes.sandbox;

import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel lets a sandboxed process have, beside what its Java machine limits by itself.
 *
 * @param addressSpaceMaxBytes virtual memory, of which a Java machine reserves far more than it
 *     uses
 * @param threadsMax threads and processes together; holds where the process does not run as the
 *     machine's root
 * @param filesMax open files
 * @param fileMaxBytes the longest file it may write
 */
public record ResourceLimits(
    long addressSpaceMaxBytes, int threadsMax, int filesMax, long fileMaxBytes) {

  /** The command that sets these limits on itself and then becomes the command that follows. */
  List<String> prlimit(String prlimit) {
    var command = new ArrayList<String>();
    command.add(prlimit);
    command.add("--as=" + addressSpaceMaxBytes);
    command.add("--nproc=" + threadsMax);
    command.add("--nofile=" + filesMax);
    command.add("--fsize=" + fileMaxBytes);
    command.add("--core=0");
    return command;
  }
}
