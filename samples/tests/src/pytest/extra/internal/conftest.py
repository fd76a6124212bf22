def pytest_runtest_logreport(report):
    if report.nodeid.endswith("test_second") and report.when == "call":
        raise OSError(28, "No space left on device")
