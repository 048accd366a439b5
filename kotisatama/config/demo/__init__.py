"""The demo region and the rows for load tests: nobody in them exists, every identity code is artificial (900–999)."""
