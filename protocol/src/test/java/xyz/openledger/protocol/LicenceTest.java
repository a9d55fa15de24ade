package xyz.openledger.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Licences by their SPDX expressions. */
class LicenceTest {
  @ParameterizedTest(name = "{0}, allowed {1}: lacks {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MIT                                       | mit                        |
          MIT                                       | MIT-0                      | MIT
          Apache-2.0+                               | Apache-2.0                 | Apache-2.0+
          MIT OR Apache-2.0                         | apache-2.0                 |
          MIT OR Apache-2.0                         | ISC                        | MIT
          MIT AND CC-BY-4.0                         | MIT                        | CC-BY-4.0
          MIT AND CC-BY-4.0                         | CC-BY-4.0;MIT              |
          MIT AND mit                               | ISC                        | MIT
          A OR B AND C                              | B                          | A
          A AND D OR B AND C                        | B                          | C
          (A OR B) AND C                            | B                          | C
          (A OR B) AND C                            | B;C                        |
          GPL-2.0-only WITH Classpath-exception-2.0 | GPL-2.0-only               | GPL-2.0-only WITH Classpath-exception-2.0
          GPL-2.0-only WITH Classpath-exception-2.0 | gpl-2.0-only  with classpath-exception-2.0 |
          NOASSERTION                               | MIT                        | NOASSERTION
          """)
  void saysTheFewestLicencesThatWouldHaveToBeAllowedBesides(
      String stated, String allowed, String missing) {
    Set<String> expected = missing == null ? Set.of() : Set.of(missing.split(";"));

    assertThat(Licence.missing(stated, List.of(allowed.split(";")))).isEqualTo(expected);
    assertThat(Licence.lacking(List.of(stated, stated), List.of(allowed.split(";"))))
        .isEqualTo(missing == null ? List.of() : List.of(stated));
  }

  @ParameterizedTest(name = "{0}: {1}, at {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MIT OR                        | expected a licence            | 7
          OR MIT                        | expected a licence            | 1
          MIT or Apache-2.0             | write OR in capitals          | 5
          MIT Apache-2.0                | expected AND, OR or the end   | 5
          MIT, Apache-2.0               | expected a licence            | 1
          GPL-2.0-only WITH             | expected an exception         | 18
          GPL-2.0-only WITH (MIT)       | expected an exception         | 19
          MIT WITH A WITH B             | expected AND, OR or the end   | 12
          (MIT OR Apache-2.0            | expected AND, OR or )         | 19
          (MIT and Apache-2.0)          | write AND in capitals         | 6
          MIT)                          | expected AND, OR or the end   | 4
          ()                            | expected a licence            | 2
          MIT AND NoAssertion           | NOASSERTION is no licence     | 9
          ((((((((( MIT )))))))))       | more than 8 parentheses       | 9
          '  '                          | expected a licence            | 3
          """)
  void pointsAtTheCharacterThatIsWrong(String expression, String why, int character) {
    assertThatThrownBy(() -> Licence.check("licence", expression))
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.field()).isEqualTo("licence");
              assertThat(refused.detail())
                  .contains(why)
                  .contains("at character " + character + "\n")
                  .endsWith("\n| " + ".".repeat(character - 1) + "^");
            });
  }

  @Test
  void isBounded() {
    String many = String.join(" OR ", java.util.Collections.nCopies(17, "MIT"));

    assertThatThrownBy(() -> Licence.check("licence", many)).hasMessageContaining("may name 16");
    assertThatThrownBy(() -> Licence.check("licence", "(".repeat(513)))
        .hasMessageContaining("may have 512 characters");
    assertThatThrownBy(() -> Licence.check("licence", "A".repeat(65)))
        .hasMessageContaining("at character 1");
  }

  @Test
  void whatIsAllowedIsOneLicenceEach() {
    assertThat(Licence.checkOne("allowed", "GPL-2.0-only WITH Classpath-exception-2.0"))
        .startsWith("GPL");
    assertThatThrownBy(() -> Licence.checkOne("allowed", "MIT OR ISC"))
        .hasMessageContaining("list what OR joins each by itself");
  }

  /** An expression and what it says, drawn together. */
  private record Drawn(String text, java.util.function.Predicate<Set<String>> holds) {}

  @Test
  void agreesWithATableOfTruthAndWhatItFindsMissingIsEnough() {
    var random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      Drawn drawn = drawn(random, 3);
      Set<String> allowed = new java.util.TreeSet<>();
      for (String each : List.of("A", "B", "C", "D")) {
        if (random.nextBoolean()) {
          allowed.add(each);
        }
      }

      Set<String> missing = Licence.missing(drawn.text, allowed);

      assertThat(missing.isEmpty()).as(drawn.text + allowed).isEqualTo(drawn.holds.test(allowed));
      allowed.addAll(missing);
      assertThat(drawn.holds.test(allowed)).as(drawn.text + allowed).isTrue();
    }
  }

  private static Drawn drawn(Random random, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      String one = List.of("A", "B", "C", "D").get(random.nextInt(4));
      return new Drawn(one, allowed -> allowed.contains(one));
    }
    boolean all = random.nextBoolean();
    var parts = new ArrayList<Drawn>();
    // As deep as this two of each stay within the bound on licences.
    for (int i = 0; i < 2; i++) {
      parts.add(drawn(random, depth - 1));
    }
    String text = "(" + parts.get(0).text + (all ? " AND " : " OR ") + parts.get(1).text + ")";
    return new Drawn(
        text,
        allowed ->
            all
                ? parts.stream().allMatch(part -> part.holds.test(allowed))
                : parts.stream().anyMatch(part -> part.holds.test(allowed)));
  }
}
