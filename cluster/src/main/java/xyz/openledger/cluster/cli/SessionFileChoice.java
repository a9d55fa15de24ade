package xyz.openledger.cluster.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import xyz.openledger.protocol.TenantId;

/** Which file holds the session key. */
final class SessionFileChoice {
  @Option(
      names = "--session",
      paramLabel = "FILE",
      description =
          "the session key's file (default: keys/session-TENANT.pem of the data directory)")
  @Nullable Path session;

  SessionFile file(Member member, TenantId tenant) {
    return session == null
        ? SessionFile.of(member.dataDirectory(), tenant)
        : SessionFile.at(member.shell().resolve(session));
  }
}
