package xyz.openledger.nodes.agent;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.keys.Ed25519Key;
import xyz.openledger.protocol.keys.KeyFile;
import xyz.openledger.protocol.keys.Secp256k1Key;

/**
 * An agent's data directory.
 *
 * <pre>
 *   keys/node-transport.pem   Ed25519: who this machine is
 *   keys/node-result.pem      secp256k1: what it signs results with
 *   authority.pem             the one certificate it trusts
 *   node.json                 {@link Membership}
 *   fences                    up to which fence it may have taken leases
 *   blobs/  outputs/          what it fetched; long outputs until they are asked for
 *   run/lock                  held while an agent runs
 *   run/status.json           {@link AgentStatus}, each heartbeat
 *   run/leave                 written by {@code node leave}: the agent's order to go
 * </pre>
 */
public final class AgentHome {
  private static final String PEM_BEGIN = "-----BEGIN CERTIFICATE-----\n";
  private static final String PEM_END = "\n-----END CERTIFICATE-----\n";

  private final Path folder;

  /** The directory, which need not exist yet. */
  public AgentHome(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Where it is. */
  public Path folder() {
    return folder;
  }

  /** Makes the directory, which nobody else may look into: it holds keys, and data of others. */
  void create() {
    try {
      if (!Files.isDirectory(folder)) {
        Files.createDirectories(folder.getParent());
        Files.createDirectory(
            folder,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }

  /** The key that says who this machine is; made at first use. */
  Ed25519Key transportKey() {
    return KeyFile.ed25519(folder.resolve("keys/node-transport.pem"));
  }

  /** The key that signs results; made at first use. */
  Secp256k1Key resultKey() {
    return KeyFile.secp256k1(folder.resolve("keys/node-result.pem"));
  }

  /** The machine's place in the network; empty if it never joined. */
  public Optional<Membership> membership() {
    return read("node.json").map(json -> Json.read(json, Membership.class));
  }

  /** The same, for those who cannot go on without. */
  Membership joined() {
    return membership()
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.WRONG_STATE,
                    "data",
                    folder + " is not enrolled; run: openledger node join CLAIM --data " + folder));
  }

  void save(Membership membership) {
    write("node.json", Json.pretty(membership) + "\n");
  }

  /** The fingerprint of the authority that this machine trusts. */
  Digest authority() {
    String pem =
        read("authority.pem")
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.WRONG_STATE, "data", folder + " has no authority.pem; join anew"));
    int from = pem.indexOf(PEM_BEGIN);
    int to = pem.indexOf(PEM_END.strip());
    if (from < 0 || to < from) {
      throw new ProblemException(
          Problem.INVALID_REQUEST, "data", folder + "/authority.pem is not a certificate");
    }
    return Digest.of(
        Base64.getMimeDecoder().decode(pem.substring(from + PEM_BEGIN.length(), to).strip()));
  }

  void saveAuthority(X509Certificate certificate) {
    try {
      String body =
          Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
      write("authority.pem", PEM_BEGIN + body + PEM_END);
    } catch (CertificateEncodingException impossible) {
      throw new AssertionError("a certificate that was checked has a form", impossible);
    }
  }

  /** The state that a running agent wrote last. */
  public Optional<AgentStatus> status() {
    return read("run/status.json").map(json -> Json.read(json, AgentStatus.class));
  }

  void save(AgentStatus status) {
    write("run/status.json", Json.pretty(status) + "\n");
  }

  /** Tells a running agent to leave for good. */
  void orderToLeave() {
    write("run/leave", "");
  }

  boolean isOrderedToLeave() {
    return Files.exists(folder.resolve("run/leave"));
  }

  /** Forgets the membership; keys stay, since statements signed with them do. */
  void forget() {
    try {
      Files.deleteIfExists(folder.resolve("run/leave"));
      Files.deleteIfExists(folder.resolve("run/status.json"));
      Files.deleteIfExists(folder.resolve("node.json"));
    } catch (IOException undeletable) {
      throw new UncheckedIOException(undeletable);
    }
  }

  /** Whether an agent runs here now. */
  public boolean isLocked() {
    Optional<Lock> lock = tryLock();
    lock.ifPresent(Lock::close);
    return lock.isEmpty();
  }

  /**
   * Makes this process the one agent of the directory.
   *
   * @throws ProblemException {@code wrong-state} if there is one already
   */
  Lock lock() {
    return tryLock()
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.WRONG_STATE, "data", "another agent runs in " + folder));
  }

  private Optional<Lock> tryLock() {
    FileChannel channel = null;
    try {
      Files.createDirectories(folder.resolve("run"));
      channel =
          FileChannel.open(
              folder.resolve("run/lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return Optional.of(new Lock(channel));
      }
      channel.close();
      return Optional.empty();
    } catch (OverlappingFileLockException sameProcess) {
      close(channel);
      return Optional.empty();
    } catch (IOException unusable) {
      close(channel);
      throw new UncheckedIOException(unusable);
    }
  }

  private static void close(@Nullable FileChannel channel) {
    if (channel != null) {
      new Lock(channel).close();
    }
  }

  /** The right to be the agent of a directory; the system takes it back when the process ends. */
  record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException closing) {
        throw new UncheckedIOException(closing);
      }
    }
  }

  private Optional<String> read(String name) {
    Path file = folder.resolve(name);
    try {
      return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Replaces a file at once, so that a reader finds the old text or the new one. */
  private void write(String name, String text) {
    Path file = folder.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Path fresh = file.resolveSibling(file.getFileName() + ".new");
      Files.writeString(fresh, text, StandardCharsets.UTF_8);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException unwritable) {
      throw new UncheckedIOException(unwritable);
    }
  }
}
