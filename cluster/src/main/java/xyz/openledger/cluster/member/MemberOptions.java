package xyz.openledger.cluster.member;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.witness.WitnessPolicy;
import xyz.openledger.protocol.Address;

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
 * @param grid where the intensities of grids are from
 * @param locality whether tasks go rather where what they need is
 * @param witnesses who cosign a checkpoint before it is anchored
 * @param signer who keeps the key that anchors and pays; absent for a file below {@code data}
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
    List<String> seeds,
    Grid grid,
    boolean locality,
    WitnessPolicy witnesses,
    @Nullable Signer signer) {

  /**
   * Where the intensities of grids are from, besides the averages of a year.
   *
   * @param file hourly ones; absent for none
   * @param service asked over HTTP; absent for none
   * @param token for it; absent for none
   */
  public record Grid(@Nullable Path file, @Nullable URI service, @Nullable String token) {
    /** The averages alone. */
    public static final Grid AVERAGES = new Grid(null, null, null);
  }

  /**
   * A program that keeps a key and signs by {@code eth_signTransaction}.
   *
   * @param service where it answers
   * @param account the key's
   */
  public record Signer(URI service, Address account) {}

  /** Whom the pools of this member belong to. */
  public static final String OPERATOR = "operator";

  /** Where a key for {@code purpose} is. */
  Path key(String purpose) {
    return data.resolve("keys").resolve(purpose + ".pem");
  }
}
