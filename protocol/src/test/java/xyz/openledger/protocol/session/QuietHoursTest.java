package xyz.openledger.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.LocalTime;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xyz.openledger.protocol.ProblemException;

class QuietHoursTest {
  @ParameterizedTest
  @CsvSource({
    "22:00-07:00, 21:59, false",
    "22:00-07:00, 22:00, true",
    "22:00-07:00, 03:00, true",
    "22:00-07:00, 07:00, false",
    "09:00-17:00, 12:00, true",
    "09:00-17:00, 08:59, false",
    "09:00-17:00, 17:00, false"
  })
  void startIsInAndEndIsOut(String span, LocalTime time, boolean quiet) {
    assertThat(QuietHours.parse(span).contains(time)).isEqualTo(quiet);
    assertThat(QuietHours.parse(span)).hasToString(span);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "22:00", "22:00-", "22:00-07:00-09:00", "25:00-07:00", "07:00-07:00"})
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> QuietHours.parse(text))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("quietHours");
  }
}
