package xyz.openledger.cluster.configuration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.json.Json;

/**
 * How to reach the member that runs from a data directory: {@code run/member.json}, written when it
 * is up and removed when it stops. So a second terminal needs no settings.
 *
 * @param url of its HTTP interface
 * @param tokenFile holds a bearer token in its first line; relative to the data directory
 * @param tenant whose token it is
 * @param rpcUrl of the chain, or absent
 * @param anchorLog the contract that holds the log's checkpoints, or absent
 */
public record MemberFile(
    URI url,
    @Nullable String tokenFile,
    @Nullable TenantId tenant,
    @Nullable URI rpcUrl,
    @Nullable Address anchorLog) {
  private static final String PATH = "run/member.json";

  /** What the member of that directory wrote, if one is up or died without cleaning. */
  public static Optional<MemberFile> read(Path dataDirectory) {
    Path file = dataDirectory.resolve(PATH);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(Files.readAllBytes(file), MemberFile.class));
    } catch (ProblemException damaged) {
      throw damaged.within(file.toString());
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Writes it whole or not at all. */
  public void write(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(PATH);
    Files.createDirectories(file.getParent());
    Path half = Files.writeString(file.resolveSibling("member.json.part"), Json.pretty(this));
    Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Removes it: the member stops. */
  public static void delete(Path dataDirectory) throws IOException {
    Files.deleteIfExists(dataDirectory.resolve(PATH));
  }
}
