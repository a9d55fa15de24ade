package xyz.openledger.protocol;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Licences by their SPDX identifiers (SPDX specification 2.3, annex D), which are the same in upper
 * and lower case. One each; expressions that join several are not read.
 */
public final class Licence {
  /** Of what nobody states a licence of: a policy that names licences does not allow it. */
  public static final String NONE_STATED = "NOASSERTION";

  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+-]{0,63}");

  private Licence() {}

  /**
   * An identifier.
   *
   * @throws ProblemException {@code invalid-request} if it is none
   */
  public static String check(String field, String identifier) {
    if (!FORM.matcher(Check.present(field, identifier)).matches()) {
      throw Check.refusal(
          field,
          "must be one SPDX identifier such as Apache-2.0, CC-BY-4.0 or LicenseRef-mine, no"
              + " expression");
    }
    if (identifier.equalsIgnoreCase(NONE_STATED)) {
      throw Check.refusal(field, NONE_STATED + " is no licence; leave it out");
    }
    return identifier;
  }

  /** Those of {@code stated} that are not among {@code allowed}. */
  public static List<String> lacking(Collection<String> stated, Collection<String> allowed) {
    return stated.stream()
        .filter(one -> allowed.stream().noneMatch(one::equalsIgnoreCase))
        .distinct()
        .sorted()
        .toList();
  }
}
