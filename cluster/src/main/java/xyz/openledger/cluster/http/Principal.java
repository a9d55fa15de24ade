package xyz.openledger.cluster.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;

/**
 * Who calls, and what they may.
 *
 * @param name of the token, for people and logs
 * @param tenant whose jobs and account it reaches; absent for a node
 */
public record Principal(String name, @Nullable TenantId tenant, Set<Scope> scopes) {
  /** Keeps its own copy. */
  public Principal {
    scopes = Set.copyOf(scopes);
  }

  /** Whether it has the scope; {@code admin} has all. */
  public boolean allows(Scope scope) {
    return scopes.contains(scope) || isAdmin();
  }

  /** Whether it reaches what belongs to that tenant. */
  public boolean reaches(TenantId owner) {
    return isAdmin() || owner.equals(tenant);
  }

  boolean isAdmin() {
    return scopes.contains(Scope.ADMIN);
  }

  /** Its tenant; refuses one without. */
  TenantId ownTenant() {
    if (tenant == null) {
      throw new ProblemException(Problem.FORBIDDEN, "", "the token belongs to no tenant");
    }
    return tenant;
  }

  /** Whose things to look among: its own tenant's, or everyone's if absent. */
  @Nullable TenantId view() {
    return isAdmin() ? null : ownTenant();
  }
}
