package xyz.openledger.cluster.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import xyz.openledger.cluster.configuration.DataDirectory;
import xyz.openledger.cluster.configuration.MemberFile;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.client.ClientSettings;
import xyz.openledger.protocol.client.OpenLedgerClient;

/**
 * Which member a command talks to, and as whom: by flag, else by environment, else the one that
 * runs from the data directory.
 */
public class Member extends Output {
  /** Where a member of this machine listens unless it is told otherwise. */
  static final URI DEFAULT_URL = URI.create("http://127.0.0.1:7400");

  private static final int TOKEN_BYTES_MAX = 4_096;

  @Option(
      names = "--url",
      paramLabel = "URL",
      description =
          "the member (or OPENLEDGER_URL; else the one that runs from the data directory)")
  @Nullable URI url;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "holds the bearer token (or OPENLEDGER_TOKEN holds the token itself)")
  @Nullable Path tokenFile;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "the data directory (or OPENLEDGER_DATA_DIR; else .openledger)")
  @Nullable Path dataDirectory;

  /** Talks from {@code shell}. */
  public Member(Shell shell) {
    super(shell);
  }

  /** A client of the member. */
  public OpenLedgerClient client() {
    return OpenLedgerClient.connect(ClientSettings.of(url(), token()));
  }

  /** The data directory of this machine's network, which may not exist. */
  public Path dataDirectory() {
    return DataDirectory.find(
        dataDirectory, shell().environment(), shell().workingDirectory(), shell().projectHome());
  }

  /** What the member of the data directory wrote, if one is up. */
  public Optional<MemberFile> memberFile() {
    return MemberFile.read(dataDirectory());
  }

  /** The address that was asked for, or absent if it was left open. */
  @Nullable URI askedUrl() {
    if (url != null) {
      return url;
    }
    String variable = shell().variable("OPENLEDGER_URL");
    try {
      return variable == null ? null : URI.create(variable);
    } catch (IllegalArgumentException malformed) {
      throw CommandFailure.usage("OPENLEDGER_URL is no address: " + variable, "OPENLEDGER_URL", "");
    }
  }

  /** The member's address. */
  URI url() {
    URI asked = askedUrl();
    return asked != null ? asked : memberFile().map(MemberFile::url).orElse(DEFAULT_URL);
  }

  /** Whose account is meant: {@code named}, else OPENLEDGER_TENANT, else the running member's. */
  public TenantId tenant(@Nullable String named) {
    String text = named != null ? named : shell().variable("OPENLEDGER_TENANT");
    if (text != null) {
      return TenantId.parse(text);
    }
    return memberFile()
        .flatMap(file -> Optional.ofNullable(file.tenant()))
        .orElseThrow(
            () ->
                CommandFailure.usage(
                    "whose account is not known here", "--tenant", "add --tenant NAME"));
  }

  private @Nullable String token() {
    if (tokenFile != null) {
      return readToken(shell().resolve(tokenFile));
    }
    String variable = shell().variable("OPENLEDGER_TOKEN");
    if (variable != null) {
      return variable;
    }
    // The token of the local member goes to the local member alone.
    return memberFile()
        .filter(file -> file.url().equals(url()))
        .flatMap(file -> Optional.ofNullable(file.tokenFile()))
        .map(file -> readToken(dataDirectory().resolve(file)))
        .orElse(null);
  }

  private static String readToken(Path file) {
    try {
      var others =
          EnumSet.range(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);
      others.retainAll(Files.getPosixFilePermissions(file));
      if (!others.isEmpty()) {
        throw CommandFailure.failed(
            file + " can be read by others, so that its token is no secret", "chmod 600 " + file);
      }
      if (Files.size(file) > TOKEN_BYTES_MAX) {
        throw CommandFailure.usage(file + " is too long for a token", "--token-file", "");
      }
      return Files.readString(file).strip();
    } catch (IOException unreadable) {
      throw CommandFailure.usage(
          "the token cannot be read from " + file + ": " + unreadable.getMessage(),
          "--token-file",
          "");
    }
  }
}
