package xyz.openledger.cluster.member;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to run a member.
 *
 * @param data everything durable lies below it
 * @param home the project, where the development chain's program is
 * @param host to listen on
 * @param httpPort 0 for any free one
 * @param gatewayPort 0 for any free one
 * @param clusterPort for other members; 0 for any free one
 * @param rpc an EVM chain; null for a development chain of our own
 * @param chainPort of the development chain
 * @param pools names of the pools that are opened at the start
 * @param seeds addresses of members to join, such as {@code pekko://openledger@host:7402}; empty to
 *     be the first
 */
public record MemberOptions(
    Path data,
    Path home,
    String host,
    int httpPort,
    int gatewayPort,
    int clusterPort,
    @Nullable URI rpc,
    int chainPort,
    List<String> pools,
    List<String> seeds) {
  /** Whom the pools of this member belong to. */
  public static final String OPERATOR = "operator";

  /** Where a key for {@code purpose} is. */
  Path key(String purpose) {
    return data.resolve("keys").resolve(purpose + ".pem");
  }
}
