package xyz.openledger.cluster.http;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import xyz.openledger.cluster.http.api.Requester;
import xyz.openledger.cluster.http.api.Scope;
import xyz.openledger.protocol.Problem;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.TenantId;
import xyz.openledger.protocol.api.KeyLimits;

/**
 * Who calls, and what they may.
 *
 * @param name of the token, for people and logs
 * @param tenant whose jobs and account it reaches; absent for a node
 * @param limits what it may do at most; {@link KeyLimits#NONE} for whatever its scopes allow
 */
public record Principal(
    String name, @Nullable TenantId tenant, Set<Scope> scopes, KeyLimits limits) {
  /** Without limits of its own. */
  public Principal(String name, @Nullable TenantId tenant, Set<Scope> scopes) {
    this(name, tenant, scopes, KeyLimits.NONE);
  }

  /** Keeps its own copy. */
  public Principal {
    scopes = Set.copyOf(scopes);
  }

  /** Whether it has the scope; {@code admin} has all. */
  public boolean allows(Scope scope) {
    return scopes.contains(scope) || isAdmin();
  }

  /** Whether it has ended by itself. */
  boolean isOver(long nowMillis) {
    Long end = limits.expiresAtMillis();
    return end != null && end <= nowMillis;
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

  /** Whose share of this member a request takes: its tenant's, or a node's own. */
  String payer() {
    return tenant == null ? name : tenant.value();
  }

  /** Who submits with this token. */
  Requester requester() {
    return new Requester(ownTenant(), name);
  }

  /** Whose things to look among: its own tenant's, or everyone's if absent. */
  @Nullable TenantId view() {
    return isAdmin() ? null : ownTenant();
  }
}
