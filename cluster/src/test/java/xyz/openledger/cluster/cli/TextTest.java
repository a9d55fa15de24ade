package xyz.openledger.cluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TextTest {
  @Test
  void moneyReadsBackExactly() {
    var random = new SplittableRandom(11);
    for (int i = 0; i < 1_000; i++) {
      long nanoOpen = random.nextLong(0, 1_000_000_000_000_000_000L);

      assertThat(Money.parse(Money.text(nanoOpen).replace(" OPEN", "")).nanoOpen())
          .isEqualTo(nanoOpen);
    }
    assertThat(Money.text(3_100_000)).isEqualTo("0.003100000 OPEN");
    assertThat(Money.parse("12.5").nanoOpen()).isEqualTo(12_500_000_000L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "-1", "+1", "1e3", ".5", "1.", "1.0000000001", "1,5", "9999999999.1", "one"})
  void moneyThatIsNoneIsRefused(String text) {
    assertThatThrownBy(() -> Money.parse(text)).isInstanceOf(TypeConversionException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0 ms",
    "999, 999 ms",
    "1999, 1.9 s",
    "59999, 59.9 s",
    "60000, 1 min 0 s",
    "3725000, 1 h 2 min",
    "90000000, 1 d 1 h"
  })
  void durationsHaveTheirUnits(long millis, String text) {
    assertThat(Text.duration(Duration.ofMillis(millis))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0, 0 B", "1023, 1023 B", "1024, 1.0 KiB", "26511, 25.9 KiB", "1073741824, 1.0 GiB"})
  void sizesHaveTheirUnits(long bytes, String text) {
    assertThat(Text.bytes(bytes)).isEqualTo(text);
  }

  @Test
  void momentsAreIsoWithTheirOffset() {
    String moment = Text.moment(1_790_000_000_999L);

    assertThat(OffsetDateTime.parse(moment).toInstant())
        .isEqualTo(Instant.ofEpochSecond(1_790_000_000L));
  }

  @Test
  void tablesAlignWordsLeftAndNumbersRight() {
    String text =
        Table.of("NAME", "CHARGED", "LAST")
            .row("ada", "0.5 OPEN", "x")
            .row("bo", "12.25 OPEN", "")
            .text();

    assertThat(text)
        .isEqualTo(
            """
            NAME     CHARGED  LAST
            ada     0.5 OPEN  x
            bo    12.25 OPEN
            """);
  }

  @Test
  void tablesKeepOneLineARowWhateverACellHolds() {
    assertThat(Table.of("A").row("x\ny\u001b[2J").text()).isEqualTo("A\nx y?[2J\n");
  }

  @Test
  void fieldsIndentFurtherLines() {
    assertThat(Table.fields(List.of(Table.field("detail", "a\nb"), Table.field("x", 1))))
        .isEqualTo("detail  a\n        b\nx       1\n");
  }
}
