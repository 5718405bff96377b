/** All measurements in one run, as JSON and as a page; and the tables of the README that come from it. */
package greenwave.bench.suite;
