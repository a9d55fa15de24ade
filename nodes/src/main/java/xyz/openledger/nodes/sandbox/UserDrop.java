package xyz.openledger.nodes.sandbox;

import java.util.List;
import java.util.Optional;

/**
 * Becomes the system's least user before anything else, which only root can do. A program whose
 * walls fall is then nobody on the host, and the kernel's limit on processes, which does not bind
 * root, holds.
 */
final class UserDrop {
  /** {@code nobody}, by the number that every Linux gives it. */
  static final String NOBODY = "65534";

  private UserDrop() {}

  /**
   * The command that drops and then becomes the command that follows, if we are root and the
   * machine can.
   */
  static Optional<List<String>> command() {
    if (!Tool.isRoot()) {
      return Optional.empty();
    }
    return Tool.find("setpriv")
        .map(
            setpriv ->
                List.of(
                    setpriv.toString(),
                    "--reuid=" + NOBODY,
                    "--regid=" + NOBODY,
                    "--clear-groups",
                    "--"));
  }
}
