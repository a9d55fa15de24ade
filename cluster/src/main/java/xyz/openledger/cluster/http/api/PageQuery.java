package xyz.openledger.cluster.http.api;

import xyz.openledger.protocol.Check;
import xyz.openledger.protocol.api.Page;

/**
 * Which page of a list.
 *
 * @param cursor of the page before; empty for the first. One that this member did not give is
 *     refused with {@code invalid-request}
 * @param limit 1 to {@link Page#LIMIT_MAX}
 */
public record PageQuery(String cursor, int limit) {
  /** The limit where none is asked for. */
  public static final int LIMIT_DEFAULT = 50;

  /** Checks the ranges. */
  public PageQuery {
    Check.text("cursor", cursor, 200);
    Check.range("limit", limit, 1, Page.LIMIT_MAX);
  }
}
