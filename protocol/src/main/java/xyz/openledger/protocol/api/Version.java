package xyz.openledger.protocol.api;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Address;

/**
 * What runs here.
 *
 * @param api the HTTP interface's version
 * @param chainId absent without a chain
 * @param contracts their addresses by name; absent without a chain
 * @param logOrigin the receipt log's name
 * @param logKey its C2SP verifier key
 */
@Answer
public record Version(
    String version,
    String api,
    String javaVersion,
    @Nullable Long chainId,
    @Nullable Map<String, Address> contracts,
    @Nullable String logOrigin,
    @Nullable String logKey) {
  /** The version of this interface. */
  public static final String API = "v1";
}
