package xyz.openledger.cluster.member;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.concurrent.CompletionException;
import xyz.openledger.cluster.http.Principal;
import xyz.openledger.cluster.http.Tokens;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Digest;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/** The token that a development member writes down for whoever works on its machine. */
record DevelopmentToken(Tokens tokens) {
  private static final String NAME = "development";

  /** A new one; the one before ceases to be valid. */
  String issue(TenantId tenant) {
    try {
      return issue(NAME, tenant);
    } catch (CompletionException refused) {
      if (refused.getCause() instanceof ProblemException taken
          && taken.problem() == Problem.WRONG_STATE) {
        // Another member of the cluster has one of that name.
        String self = Digest.of(tokens.issuer().getBytes(StandardCharsets.UTF_8)).hex();
        return issue(NAME + "-" + self.substring(0, 8), tenant);
      }
      throw refused;
    }
  }

  private String issue(String name, TenantId tenant) {
    return tokens
        .issueOwn(new Principal(name, tenant, EnumSet.allOf(Scope.class)))
        .toCompletableFuture()
        .join()
        .token();
  }
}
