package greenwave.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

class ExactLoadTest {
    private static final String TRIED = "SUMO 1.15.0";

    @TempDir private Path folder;

    @ParameterizedTest
    @CsvSource({
        "WIRE, SUMO 1.15.0, true",
        "WIRE, SUMO 1.18.0, false",
        "LIBTRACI, SUMO 1.15.0, false",
    })
    void goesByClientAndVersion(final Transport transport, final String sumo, final boolean exact) {
        assertEquals(exact, ExactLoad.of(Configs.cross(10)).covers(transport, sumo));
        assertFalse(ExactLoad.never().covers(transport, sumo));
    }

    @ParameterizedTest
    @CsvSource({
        "--step-length, 0.5, true",
        "-b, 10, true",
        "--threads, 2, false",
        "--summary-output, s.xml, false",
        "--load-state, s.xml, false",
    })
    void goesByOptions(final String option, final String value, final boolean exact) {
        final SumoConfig config = Configs.of("cross2", 0, 10, List.of(option, value));
        assertEquals(exact, ExactLoad.of(config).covers(Transport.WIRE, TRIED));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    <e1Detector id="d" lane="l" pos="1" freq="60" file="d.xml"/>  | true
                    <vType id="v" carFollowModel="IDM"/>                          | true
                    <vType id="v" carFollowModel="Daniel1"/>                      | false
                    <vType id="v" laneChangeModel="LC2042"/>                      | false
                    <vType id="v"><param key="has.ssm.device" value="1"/></vType> | false
                    <vType id="v"><param key="colour" value="1"/></vType>         | true
                    <tlLogic id="A" type="actuated" programID="p"/>               | true
                    <tlLogic id="A" type="NEMA" programID="p"/>                   | false
                    <include href="more.xml"/>                                    | false
                    <flow id="f"                                                  | false
                    """)
    void goesByWhatFilesHold(final String element, final boolean exact) throws Exception {
        final Path file =
                Files.writeString(
                        folder.resolve("a.add.xml"), "<additional>" + element + "</additional>");
        final SumoConfig cross = Configs.cross(10);
        final SumoConfig config =
                new SumoConfig(
                        "a", cross.network(), cross.routes(), List.of(file), 0, 10, List.of());
        assertEquals(exact, ExactLoad.of(config).covers(Transport.WIRE, TRIED));
        assertEquals(exact, ExactLoad.wereTried(List.of(file)));
    }

    @Test
    void aFileThatIsMissingIsSumosToRefuse() {
        assertFalse(ExactLoad.wereTried(List.of(folder.resolve("none.xml"))));
    }
}
