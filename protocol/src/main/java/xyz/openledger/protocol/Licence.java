package xyz.openledger.protocol;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Licences by their SPDX expressions (SPDX specification 2.3, annex D), whose identifiers are the
 * same in upper and lower case:
 *
 * <pre>
 *   Apache-2.0                                             one licence
 *   GPL-2.0-only WITH Classpath-exception-2.0              one with an exception
 *   MIT OR (Apache-2.0 AND CC-BY-4.0)                      whoever uses it chooses a side of OR
 * </pre>
 *
 * <p>What is allowed is a list of single licences, each with its exception if it has one; what is
 * stated of a model is any expression.
 */
public final class Licence {
  /** Of what nobody states a licence of: a policy that names licences does not allow it. */
  public static final String NONE_STATED = "NOASSERTION";

  private Licence() {}

  /**
   * An expression of what something is under.
   *
   * @throws ProblemException {@code invalid-request} if it is none, pointing at the character
   */
  public static String check(String field, String expression) {
    LicenceExpression.read(field, Check.present(field, expression));
    return expression;
  }

  /**
   * A licence that is allowed.
   *
   * @throws ProblemException {@code invalid-request} if it is not a single one
   */
  public static String checkOne(String field, String expression) {
    if (LicenceExpression.read(field, Check.present(field, expression))
        instanceof LicenceExpression.One) {
      return expression;
    }
    throw Check.refusal(
        field,
        "must be one SPDX identifier, with its exception if it has one, no expression; list what"
            + " OR joins each by itself, and what AND joins too");
  }

  /** Those of {@code stated} that {@code allowed} does not let anybody use. */
  public static List<String> lacking(Collection<String> stated, Collection<String> allowed) {
    return stated.stream()
        .filter(each -> !missing(each, allowed).isEmpty())
        .distinct()
        .sorted()
        .toList();
  }

  /**
   * The fewest licences that would have to be allowed besides for something to be used, of equally
   * few those that were stated first; none if it may be used already.
   */
  public static Set<String> missing(String stated, Collection<String> allowed) {
    // Most are single identifiers; and what nobody states is none, so that nothing allows it.
    if (stated.equals(NONE_STATED)) {
      return Set.of(NONE_STATED);
    }
    return allowed.stream().anyMatch(stated::equalsIgnoreCase)
        ? Set.of()
        : LicenceExpression.read("licence", stated).missing(lowered(allowed));
  }

  private static Set<String> lowered(Collection<String> allowed) {
    var lowered = new TreeSet<String>();
    allowed.forEach(each -> lowered.add(LicenceExpression.lowered(each)));
    return lowered;
  }
}
