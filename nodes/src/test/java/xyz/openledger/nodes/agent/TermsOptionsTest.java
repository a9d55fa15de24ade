package xyz.openledger.nodes.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import xyz.openledger.protocol.ProblemException;
import xyz.openledger.protocol.json.Json;
import xyz.openledger.protocol.session.ClassPrices;
import xyz.openledger.protocol.session.QuietHours;
import xyz.openledger.protocol.session.Terms;

class TermsOptionsTest {
  @Test
  void theDefaultsAreGentle() {
    Terms terms = parse().terms();

    assertThat(terms.slots())
        .isLessThanOrEqualTo(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    assertThat(terms.name()).isNotBlank();
    assertThat(terms.quietHours()).isNull();
  }

  @Test
  void whatIsGivenIsMeantAndTheRestStays() {
    Terms before =
        parse("--name", "ada", "--slots", "3", "--quiet-hours", "22:00-07:00", "--label", "a=b")
            .terms();

    Terms after =
        parse("--price", "7", "--memory-per-slot", "1Gi", "--quiet-hours", "none").over(before);

    assertThat(before.quietHours()).isEqualTo(QuietHours.parse("22:00-07:00"));
    assertThat(after)
        .isEqualTo(
            new Terms(
                "ada", 7, 3, 1 << 30, before.cpuQuotaPercent(), "", 0, 0, null, Map.of("a", "b")));
    assertThat(Json.read(Json.pretty(before), Terms.class)).isEqualTo(before);
  }

  @Test
  void pricesByClassStayUntilTheyAreTakenBack() {
    Terms before = parse("--price-for", "inference=2500", "--price-for", "tee=4000").terms();
    Terms after = parse("--label", "a=b", "--price-for", "tee=none").over(before);

    assertThat(ClassPrices.of(before.labels()))
        .isEqualTo(Map.of("inference", 2_500L, "tee", 4_000L));
    assertThat(ClassPrices.of(after.labels())).isEqualTo(Map.of("inference", 2_500L));
    assertThat(after.labels()).containsEntry("a", "b");
    assertThatThrownBy(() -> parse("--price-for", "gold=1").terms())
        .hasMessageContaining("must be one of finetune, inference");
    assertThatThrownBy(() -> parse("--price-for", "tee=dear").terms())
        .hasMessageContaining("must be a price");
  }

  @Test
  void workersStayAsTheyWereUnlessGiven() {
    assertThat(parse("--slots", "3").workersOver(null)).isNull();
    assertThat(parse("--slots", "3").workersOver(2)).isEqualTo(2);
    assertThat(parse("--workers", "1").workersOver(2)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "65536, 65536", "1Ki, 1024", "256Mi, 268435456", "2Gi, 2147483648"})
  void sizesReadAsPeopleWriteThem(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Mi", "-1", "1.5Gi", "1MB", "999999999999Gi"})
  void anyOtherSizeIsRefused(String text) {
    assertThatThrownBy(() -> ByteSize.parse(text)).isInstanceOf(ProblemException.class);
  }

  @Command
  static final class Options implements Runnable {
    @Mixin TermsOptions terms = new TermsOptions();

    @Override
    public void run() {}
  }

  private static TermsOptions parse(String... arguments) {
    var options = new Options();
    new CommandLine(options).parseArgs(arguments);
    return options.terms;
  }
}
