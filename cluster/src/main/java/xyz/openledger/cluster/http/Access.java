package xyz.openledger.cluster.http;

import java.time.InstantSource;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.jspecify.annotations.Nullable;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;

/** Who may call what: the token's principal, and the scope that the operation needs. */
final class Access {
  private static final String BEARER = "Bearer ";

  private final Tokens tokens;
  private final NodeTokens nodeTokens;
  private final InstantSource clock;
  private final Rates rates = new Rates();

  /** What spends otherwise than by jobs that are counted against a cap. */
  private static final Set<String> BEYOND_A_CAP =
      Set.of(
          "startTuning",
          "openAiTune",
          "openAiBegin",
          "reserve",
          "withdraw",
          "openSession",
          "giveVouchers");

  Access(Tokens tokens, NodeTokens nodeTokens, InstantSource clock) {
    this.tokens = tokens;
    this.nodeTokens = nodeTokens;
    this.clock = clock;
  }

  /**
   * Who calls; null where nobody needs to say.
   *
   * @throws ProblemException {@code unauthenticated} or {@code forbidden}
   */
  @Nullable Principal admit(HttpRequest request, Operation operation) {
    if (operation.scope() == null) {
      return null;
    }
    Principal principal = principal(request);
    if (!principal.allows(operation.scope())) {
      throw new ProblemException(
          Problem.FORBIDDEN,
          "Authorization",
          "needs the scope %s, the token %s has not got it"
              .formatted(operation.scope().word(), principal.name()));
    }
    if (principal.limits().spendCapNanoOpen() != null && BEYOND_A_CAP.contains(operation.id())) {
      throw new ProblemException(
          Problem.FORBIDDEN,
          "Authorization",
          "the key %s has a spend cap, which counts single jobs alone".formatted(principal.name()));
    }
    rates.count(principal, clock.millis());
    return principal;
  }

  private Principal principal(HttpRequest request) {
    String value = request.getHeader("Authorization").map(HttpHeader::value).orElse("");
    if (!value.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      throw refusal(value.isEmpty() ? "there is no token" : "expected Bearer and a token");
    }
    String token = value.substring(BEARER.length()).strip();
    var found =
        token.startsWith(NodeTokens.PREFIX)
            ? nodeTokens.find(token, clock.instant())
            : tokens.find(token);
    return found
        .filter(principal -> !principal.isOver(clock.millis()))
        .orElseThrow(() -> refusal("the token is unknown, or no longer valid"));
  }

  private static ProblemException refusal(String detail) {
    return new ProblemException(Problem.UNAUTHENTICATED, "Authorization", detail);
  }
}
