package xyz.openledger.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {
  @ParameterizedTest(name = "{0} is {1} nano-OPEN")
  @CsvSource({
    "0.5 OPEN, 500000000",
    "1 OPEN, 1000000000",
    "0.000000001OPEN, 1",
    "0 OPEN, 0",
    "2.500 OPEN, 2500000000",
    "1000000000 OPEN, 1000000000000000000"
  })
  void readsMoneyExactly(String text, long nanoOpen) {
    assertThat(Amount.nanoOpen("priceMax", text)).isEqualTo(nanoOpen);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.5              | has no unit; write 0.5 OPEN
          0.5 EUR          | 'EUR' is no unit of money here
          0.5 open         | 'open' is no unit of money here
          -1 OPEN          | money is never negative
          1000000001 OPEN  | more than all there is
          99999999999999999999999999 OPEN | more than all there is
          0.0000000001 OPEN| more than 9 decimals
          half an OPEN     | expected an amount such as 0.5 OPEN
          .5 OPEN          | expected an amount such as 0.5 OPEN
          """)
  void refusesOtherMoney(String text, String why) {
    assertThatThrownBy(() -> Amount.nanoOpen("priceMax", text))
        .hasMessageContaining("(priceMax)")
        .hasMessageContaining(why);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "16Gi, 17179869184",
    "64Ki, 65536",
    "50M, 50000000",
    "2000m, 2",
    "0.5Ki, 512",
    "1.5G, 1500000000",
    "7, 7",
    "0, 0",
    "9223372036854775807, 9223372036854775807"
  })
  void readsQuantitiesExactly(String text, long whole) {
    assertThat(Amount.quantity("memoryMax", text)).isEqualTo(whole);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          500m             | 500m is 0.5, no whole number
          16GiB            | expected a quantity such as 16Gi
          16gi             | expected a quantity such as 16Gi
          1e9              | expected a quantity such as 16Gi
          -1Gi             | a quantity is never negative
          8192Pi           | is more than 63 bits hold
          99999999999999999999999999999999 | is more than 63 bits hold
          """)
  void refusesOtherQuantities(String text, String why) {
    assertThatThrownBy(() -> Amount.quantity("memoryMax", text)).hasMessageContaining(why);
  }

  @ParameterizedTest(name = "{0} is {1} ms")
  @CsvSource({"PT10M, 600000", "PT0.5S, 500", "P1DT1H, 90000000", "PT0S, 0"})
  void readsDurationsOfIso8601(String text, long millis) {
    assertThat(Amount.duration("deadline", text).toMillis()).isEqualTo(millis);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          10m      | expected a duration in the form of ISO 8601, such as PT10M
          600      | expected a duration in the form of ISO 8601
          PT-10M   | a duration here is never negative
          P400D    | longer than a year
          P9999999999999999999D | expected a duration
          """)
  void refusesOtherDurations(String text, String why) {
    assertThatThrownBy(() -> Amount.duration("deadline", text)).hasMessageContaining(why);
  }
}
